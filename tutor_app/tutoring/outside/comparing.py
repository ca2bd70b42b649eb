"""Numbers that count as the same."""


def same(a: float, b: float, tolerance: float = 1e-6) -> bool:
    """Compare two numbers, relatively."""
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-9)


def is_rounding(exact: float, stated: float) -> bool:
    """Say whether `stated` is `exact` with fewer digits."""
    digits = len(f"{stated:.6f}".rstrip("0").split(".")[1])
    unit = 10.0**-digits
    cut_off = 0 <= abs(exact) - abs(stated) < unit
    return exact != round(exact) and (cut_off or abs(exact - stated) <= unit / 2)
