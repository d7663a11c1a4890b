"""Which things of a graph does a question name, by which relations does it go on, and where does it arrive?"""
