"""How searches are steered: the rules compared and saved, for those at the desk and for programs alike."""
