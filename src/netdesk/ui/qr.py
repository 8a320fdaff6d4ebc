"""QR codes, made when one is asked for."""

import importlib
import io


def qr_png(text: str, scale: int = 5) -> bytes:
    """A QR code of `text` as PNG data, `scale` pixels a module (ISO/IEC 18004)."""
    segno = importlib.import_module("segno")  # not at the top: it takes 50 ms, and the window opens without it
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=3)
    return out.getvalue()
