"""Which rows of a declared table answer, and how is that asked of the database so that nothing else can be?"""
