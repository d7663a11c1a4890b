"""How is a model run on this machine, or asked over HTTP?"""
