"""Facts learnt into vectors by a bilinear model, and questions that find them by attention."""
