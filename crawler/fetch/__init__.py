"""How does one request become one response, politely and within limits?"""
