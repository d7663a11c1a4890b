"""Commands that measure how good answers are."""
