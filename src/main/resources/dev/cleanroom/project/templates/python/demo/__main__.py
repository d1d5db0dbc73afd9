import sys

from demo.greeting import greeting

print(greeting(" ".join(sys.argv[1:])))
