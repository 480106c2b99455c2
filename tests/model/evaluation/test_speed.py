"""What is timed, and how figures follow from it."""

from codekin_model.evaluation.speed import Speed, measure_speed


def test_rates_are_functions_by_seconds():
    speed = Speed(functions=100, threads=2, seconds=4.0, cpu_seconds=5.0)
    assert (speed.per_second, speed.per_cpu_second) == (25.0, 20.0)


def test_each_run_reads_functions_that_no_run_before_it_has_read(functions):
    encoded = []
    speed = measure_speed(lambda some: encoded.append(list(some)), functions, threads=1)
    assert encoded == [functions[-1:], functions[0:1], functions[1:2], functions[2:3]]
    assert (speed.functions, speed.threads) == (1, 1)
    assert speed.seconds >= 0
