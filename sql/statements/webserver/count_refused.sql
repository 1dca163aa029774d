-- count_refused: results of workers that had lost their claims.
-- -> count
select count(*)
from sluice.refused_results;
