"""What does somebody who runs a site for others look at and set?"""
