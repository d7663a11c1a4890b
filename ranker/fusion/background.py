"""How alike unrelated texts are to an encoder: what its cosines mean, and so how ``ranker.fusion.fuse`` weighs them.

Encoders differ: some give unrelated texts a cosine near 0, some near 0.8, and what stands out from that differs too.
"""

from dataclasses import replace

import numpy as np

from indexer.encoder import Encoder
from ranker.fusion.fuse import FuseConfig

UNRELATED = (
    "The bakery on the corner sells rye bread and sweet rolls from six in the morning.",
    "A prime number has exactly two divisors, one and itself.",
    "The river floods its banks every spring when the snow melts in the mountains.",
    "To restart the server, run the service command as the administrator.",
    "Her grandmother played the violin in a travelling orchestra before the war.",
    "Antibiotics do not help against a cold, since viruses cause it.",
    "The striker scored twice in the second half and was named player of the match.",
    "Central banks raise interest rates to slow down inflation.",
    "The moons of Jupiter were first seen through a telescope in 1610.",
    "Prune roses in late winter, just above a bud that faces outward.",
    "The court held that the contract was void because neither party had signed it.",
    "A hash table finds a key in constant time on average.",
    "The train to the coast leaves from platform four and takes two hours.",
    "Elephants greet one another by entwining their trunks.",
    "The painter mixed her own colours from minerals and linseed oil.",
    "Passwords must be at least twelve characters long and are never stored in the clear.",
    "The treaty ended thirty years of fighting over the border provinces.",
    "Simmer the lentils with cumin and garlic until they are soft.",
    "The company reported lower earnings for the third quarter.",
    "Earthquakes happen where the plates of the crust slide past each other.",
    "Children learn to read faster when someone reads to them every day.",
    "The warranty covers defects in material for two years from the date of purchase.",
    "Monks copied the manuscript by hand and decorated its margins with gold.",
    "A diesel engine ignites its fuel by compression rather than by a spark.",
    "The new law requires employers to publish what they pay men and women.",
    "Coral reefs shelter a quarter of all the species in the sea.",
    "He tied the boat to the jetty and carried the crates ashore.",
    "The gene is found on the long arm of chromosome seven.",
    "Visitors are asked to leave their coats and bags in the cloakroom.",
    "Wind turbines feed their current into the grid through a transformer.",
    "The poem has fourteen lines and ends with a rhyming couplet.",
    "Click the icon in the toolbar to change the language of the keyboard.",
)

BUNDLED_MEAN, BUNDLED_DEVIATION = 0.028, 0.072
"""What this file measures for the bundled encoder, whose weights in ``FuseConfig`` were fitted."""


def fitted_to(encoder: Encoder, config: FuseConfig) -> FuseConfig:
    """The same fusion for this encoder: its cosines count by how far they stand out among unrelated texts.

    Raises EncoderError. Costs two encoder calls for 32 sentences.
    """
    mean, deviation = background(encoder)
    base = FuseConfig()
    scale = deviation / BUNDLED_DEVIATION
    return replace(
        config,
        cosine_mean=mean + (base.cosine_mean - BUNDLED_MEAN) * scale,
        cosine_deviation=base.cosine_deviation * scale,
    )


def background(encoder: Encoder) -> tuple[float, float]:
    """Mean and standard deviation of the cosines of ``UNRELATED`` texts as queries with each other as passages."""
    queries, passages = encoder.encode_queries(UNRELATED), encoder.encode_passages(UNRELATED)
    cosines = (queries @ passages.T)[~np.eye(len(UNRELATED), dtype=bool)]
    return float(cosines.mean()), float(cosines.std())
