"""Writes the PNG sizes of the icon from resources/icons/netdesk.svg, the icons of Windows and macOS from these (by icotool and png2icns),
and the chevron and the tick of the boxes in both themes.

Run: ./run --in-env python scripts/make_icons.py
"""

import os
import subprocess
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
THEME = FOLDER.parent / "theme"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def main() -> None:
    application = QGuiApplication([])
    drawing = QSvgRenderer(str(FOLDER / "netdesk.svg"))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        image.save(str(FOLDER / f"netdesk-{size}.png"))
    for name, colour in (("light", "#5D6879"), ("dark", "#98A2B3")):
        for factor, suffix in ((1, ""), (2, "@2x")):
            image = QImage(10 * factor, 6 * factor, QImage.Format.Format_ARGB32)
            image.fill(Qt.GlobalColor.transparent)
            painter = QPainter(image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(factor, factor)
            painter.setPen(QPen(QColor(colour), 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline([QPointF(1.5, 1.2), QPointF(5, 4.7), QPointF(8.5, 1.2)])
            painter.end()
            THEME.mkdir(exist_ok=True)
            image.save(str(THEME / f"chevron-{name}{suffix}.png"))
            image.flipped(Qt.Orientation.Vertical).save(str(THEME / f"up-{name}{suffix}.png"))
            tick = QImage(14 * factor, 14 * factor, QImage.Format.Format_ARGB32)
            tick.fill(Qt.GlobalColor.transparent)
            painter = QPainter(tick)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(factor, factor)
            painter.setPen(QPen(QColor("#FFFFFF" if name == "light" else "#0B1220"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline([QPointF(3.2, 7.4), QPointF(6, 10), QPointF(10.8, 4.4)])
            painter.end()
            tick.save(str(THEME / f"check-{name}{suffix}.png"))
    application.quit()
    packaging = FOLDER.parent.parent / "packaging"
    files = {size: str(FOLDER / f"netdesk-{size}.png") for size in SIZES}
    subprocess.run(
        [
            "icotool",
            "-c",
            "-o",
            packaging / "windows/netdesk.ico",
            *(files[one] for one in (16, 24, 32, 48, 64, 128)),
            f"--raw={files[256]}",
        ],
        check=True,
    )
    (packaging / "macos").mkdir(exist_ok=True)
    subprocess.run(["png2icns", packaging / "macos/netdesk.icns", *(files[one] for one in (16, 32, 48, 128, 256, 512))], check=True)


if __name__ == "__main__":
    main()
