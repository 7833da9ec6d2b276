"""The money pages: the public fund, and what members, trustees and treasurers do with it."""
