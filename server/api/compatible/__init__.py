"""How do programs written for other services reach it?  ->  /v1 in the shapes of OpenAI, Cohere and Jina"""
