"""csnet's values for people and programs: dictionaries, the picture of a host, its drawing.

Private: a program calls csnet.as_dict(), a person `csnet show`. May know csnet and the standard library; does no I/O.
"""
