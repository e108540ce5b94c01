"""The exam engine: drawing, timing, states and scoring as plain values. No Django in here."""
