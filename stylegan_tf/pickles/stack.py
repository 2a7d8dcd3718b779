"""The stack, marks and memo of a pickle, within limits."""

from stylegan_tf.pickles import numpy_arrays, refusal

_MOST_ITEMS = 200_000
_MOST_MARKS = 1_000


class Stack:
    """What opcodes push to and pop from."""

    def __init__(self):
        self.stack, self.marks, self.memo = [], [], {}

    def pop(self):
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise refusal.RefusedPickle("damaged: the stack is empty")
        return self.stack.pop()

    def pop_to_mark(self):
        if not self.marks:
            raise refusal.RefusedPickle("damaged: there is no mark")
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    def push(self, value):
        if len(self.stack) >= _MOST_ITEMS:
            raise refusal.RefusedPickle(
                f"more than {_MOST_ITEMS} values on the stack"
            )
        self.stack.append(value)

    def mark(self, _=None):
        if len(self.marks) >= _MOST_MARKS:
            raise refusal.RefusedPickle(
                f"nested more than {_MOST_MARKS} levels deep"
            )
        self.marks.append(len(self.stack))

    def drop(self):
        """POP: a value, or a mark with nothing above it."""
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
        else:
            self.pop()

    def pop_pair(self):
        value = self.pop()
        return [self.pop(), value]

    def get(self, index):
        if index not in self.memo:
            raise refusal.RefusedPickle(
                f"damaged: value {index} was never stored"
            )
        self.push(self.memo[index])

    def put(self, index):
        value = self.pop()
        self.stack.append(value)
        self.memo[index] = value
        if type(value) is numpy_arrays.UnfilledArray:
            value.memo_keys.append(index)

    def replace(self, unfilled, array):
        """Puts `array` where the memo has what it was before its state."""
        for index in unfilled.memo_keys:
            if self.memo[index] is unfilled:
                self.memo[index] = array
        unfilled.memo_keys.clear()
