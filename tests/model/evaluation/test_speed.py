"""What is timed, and how figures follow from it."""

from codekin_model.evaluation.speed import Speed, measure_speed


def test_rates_are_functions_by_seconds():
    speed = Speed(functions=100, threads=2, seconds=4.0, cpu_seconds=5.0)
    assert (speed.per_second, speed.per_cpu_second) == (25.0, 20.0)


def test_the_whole_sample_is_encoded_three_times_after_a_few_functions(functions):
    encoded = []
    speed = measure_speed(lambda some: encoded.append(len(some)), functions, threads=1)
    assert encoded == [2, 4, 4, 4]
    assert (speed.functions, speed.threads) == (4, 1)
    assert speed.seconds >= 0
