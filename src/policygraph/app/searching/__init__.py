"""Finds things by any word: names and synonyms, sentences of the texts, questions, kinds, readings; an index in memory, made once."""
