"""What do programs get?  ->  the answers of the API as models, for its OpenAPI document; nothing is made of them"""
