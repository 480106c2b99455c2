"""Matrix products of numpy stay on the thread that asks for them.

In: nothing. Out: a setting of the whole process. Must not know who multiplies what.
"""

from threadpoolctl import threadpool_limits


def multiply_on_one_thread() -> None:
    """Keep BLAS from splitting products over all cores.

    Its threads spin while they wait for one another. Where the cores are busy, with embedding for one, a product of
    some microseconds then takes milliseconds, while on an idle machine ours are too small to gain by more threads.
    """
    threadpool_limits(limits=1, user_api="blas")
