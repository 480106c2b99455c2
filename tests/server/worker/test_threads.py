"""Matrix products stay on one thread."""

import numpy as np
from threadpoolctl import threadpool_info, threadpool_limits

from codekin_server.worker.threads import multiply_on_one_thread


def test_no_blas_of_the_process_splits_its_products() -> None:
    with threadpool_limits(limits=2, user_api="blas"):
        multiply_on_one_thread()

        assert np.ones((2, 2)).sum() == 4.0  # numpy's BLAS is loaded
        assert {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"} <= {1}
