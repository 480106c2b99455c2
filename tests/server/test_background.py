from codekin_server.background import BY_USER, ON_BATTERY, Background


def test_nothing_pauses_by_itself():
    assert Background(lambda: True).reason is None


def test_a_user_pauses_and_goes_on():
    background = Background(lambda: False)
    background.paused = True
    assert (background.reason, background.waits_for) == (BY_USER, "user")
    background.paused = False
    assert (background.reason, background.waits_for) == (None, None)


def test_battery_pauses_where_that_is_wanted():
    background = Background(lambda: True)
    background.pause_on_battery = True
    assert (background.reason, background.waits_for) == (ON_BATTERY, "battery")


def test_the_battery_is_not_looked_at_all_the_time():
    looks = []
    background = Background(lambda: bool(looks.append(1)))
    background.pause_on_battery = True
    assert [background.reason for _ in range(5)] == [None] * 5
    assert len(looks) == 1


def test_what_was_stopped_once_stays_stopped():
    background = Background(lambda: False)
    stopped = background.stopping(lambda: False)
    assert not stopped()
    background.paused = True
    assert stopped()
    background.paused = False
    assert stopped()
