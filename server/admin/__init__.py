"""Where do those who run a site see how it fares, and set what can be set? Pages for people; programs use the API."""
