import unittest

from demo.greeting import greeting


class GreetingTest(unittest.TestCase):
    def test_greets_by_name(self):
        self.assertEqual("Hello, Ada!", greeting(" Ada "))

    def test_greets_the_world_without_a_name(self):
        self.assertEqual("Hello, world!", greeting(""))
