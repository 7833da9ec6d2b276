META
key;value
budget;60.5
vote_type;approval
description;"One; two"
PROJECTS
name;project_id;cost
"A park; with a pond";a;20.25
"""Quoted""";b;10,5
VOTES
voter_id;vote
1;a
