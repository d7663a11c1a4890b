"""Who asks, and what may they? Keys, tokens, origins, hosts and limits; not for what is asked."""
