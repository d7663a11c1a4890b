"""Words and their opposites, for questions that are changed so that nothing answers them."""

import re

_PAIRS = """
first last | earliest latest | oldest newest,youngest | older newer,younger | old new,young | early late
earlier later | before after | begin end | began ended | begins ends | beginning end | start stop,finish
started stopped,finished | starts stops,ends | starting ending | open close | opened closed | opening closing
founded dissolved,abolished | established abolished,disbanded | create destroy | created destroyed | built demolished
build demolish | increase decrease | increased decreased | increases decreases | increasing decreasing | rise fall
rose fell | grow shrink | grew shrank | growing shrinking | gain lose | gained lost | win lose | won lost
winner loser | winning losing | victory defeat | defeated surrendered | succeed fail | succeeded failed
success failure | successful unsuccessful | accept reject | accepted rejected | allow forbid,prohibit
allowed forbidden,prohibited | allows forbids,prevents | permitted banned | legal illegal | support oppose
supported opposed | supports opposes | agree disagree | agreed disagreed | approve reject | approved rejected
include exclude | included excluded | includes excludes | join leave | joined left | enter leave | entered left
arrive depart | arrived departed | appoint dismiss | appointed dismissed | hired fired | buy sell | bought sold
purchased sold | export import | exports imports | exported imported | send receive | sent received | give take
gave took | given taken | love hate | loved hated | liked disliked | helped hindered | protect attack
protected attacked | attack defend | attacked defended | invade liberate | invaded liberated | strengthen weaken
strengthened weakened | improve worsen | improved worsened | raise lower | raised lowered | reduce increase
reduced increased | expand shrink | expanded contracted | connect separate | connected disconnected | combine divide
united divided | most least,fewest | more less,fewer | many few | majority minority | maximum minimum | highest lowest
higher lower | high low | largest smallest | larger smaller | large small | biggest smallest | bigger smaller
big small | greatest least | greater lesser | great minor | longest shortest | longer shorter | long short
tallest shortest | taller shorter | tall short | deepest shallowest | deep shallow | widest narrowest | wide narrow
thick thin | heaviest lightest | heavier lighter | fastest slowest | faster slower | fast slow | quick slow
strongest weakest | stronger weaker | strong weak | best worst | better worse | good bad | richest poorest | rich poor
wealthy poor | hottest coldest | hotter colder | hot cold | warm cool | warmest coolest | wettest driest | wet dry
hardest easiest,softest | hard easy,soft | difficult easy | simple complex | common rare,uncommon | rare common
usual unusual | usually rarely | often rarely,seldom | always never | frequently rarely | famous unknown
popular unpopular | well-known obscure | important unimportant | major minor | main secondary | primary secondary
public private | national local,international | international domestic | domestic foreign | internal external
inner outer | upper lower | inside outside | above below | over under | top bottom | front back | left-hand right-hand
north south | east west | northern southern | eastern western | northeast southwest | northwest southeast | near far
nearest farthest | closest farthest | close distant | urban rural | indoor outdoor | male female | men women
man woman | boy girl | boys girls | husband wife | father mother | son daughter | brother sister | king queen
parent child | parents children | friend enemy | ally enemy | allies enemies | teacher student | leader follower
master servant | employer employee | doctor patient | positive negative | active inactive | natural artificial
real imaginary | modern ancient | traditional modern | recent ancient | current former | present past | past future
permanent temporary | complete incomplete | full empty | same different | similar dissimilar | equal unequal
possible impossible | necessary unnecessary | safe dangerous | clean dirty | pure impure | fresh stale | alive dead
living dead | life death | birth death | born buried | died survived | war peace | day night | summer winter
spring autumn | morning evening | sunrise sunset | bright dark | black white | visible invisible | liquid solid
acid base | religious secular | civilian military | liberal conservative | left-wing right-wing
democratic authoritarian | capitalist communist | voluntary compulsory | mandatory optional | required forbidden
direct indirect | directly indirectly | formal informal | official unofficial | original copied | unique common
advantage disadvantage | advantages disadvantages | benefit harm | benefits drawbacks | cause prevent
caused prevented | causes prevents | causing preventing | cure disease | profit loss | income expense | debt surplus
supply demand | question answer | input output | offense defense | offensive defensive | guilty innocent
optimistic pessimistic | within outside | during after | since until | up down | together apart | all none
everyone nobody | everything nothing | true false | correct incorrect | rightly wrongly
"""


def _opposites() -> dict[str, tuple[str, ...]]:
    """Both directions of the pairs."""
    found: dict[str, set[str]] = {}
    for pair in re.split(r"[|\n]", _PAIRS):
        word, _, others = pair.strip().partition(" ")
        for other in filter(None, others.split(",")):
            found.setdefault(word, set()).add(other)
            found.setdefault(other, set()).add(word)
    return {word: tuple(sorted(others)) for word, others in found.items()}


OPPOSITES = _opposites()
