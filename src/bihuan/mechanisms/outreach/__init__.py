"""问需、走访、码上监督 (O1, O10, O11, Q2, Z2): codes that anybody scans; registered, rated, capped visits."""
