"""What somebody should know: in the app, and by e-mail or LINE when he wants it. Words never name a
person. Rooms above call `notify`; the bell of the top bar and a daily digest read.
"""
