"""Portraits: a picture in a circle, or initials on a colour of the address; only PNG and JPEG, checked before decoding."""

import zlib
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPainterPath, QPen, QPixmap, QPixmapCache

from netdesk.domain.names import initials
from netdesk.domain.pictures import fit_to_decode
from netdesk.ui.theme import AVATARS, Theme

_SCALE: Final = 2  # decoded at twice the size, for sharp screens


def avatar_colour(address: str) -> str:
    """The colour of somebody without a picture; the same every time."""
    return AVATARS[zlib.crc32(address.encode()) % len(AVATARS)]


def decode(content: bytes, side: int) -> QImage | None:
    """The picture, square, `side` pixels; None when it is too large, of another kind, or broken."""
    kind = fit_to_decode(content)
    if not kind:
        return None
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    reader = QImageReader(buffer, kind.encode())
    reader.setDecideFormatFromContent(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid():
        return None
    shorter = min(size.width(), size.height())
    if shorter > side:
        reader.setScaledSize(QSize(size.width() * side // shorter, size.height() * side // shorter))
    image = reader.read()
    if image.isNull():
        return None
    shorter = min(image.width(), image.height())
    square = image.copy((image.width() - shorter) // 2, (image.height() - shorter) // 2, shorter, shorter)
    return square.scaled(side, side, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _round(content: bytes, side: int) -> QPixmap | None:
    key = f"portrait {zlib.crc32(content)} {len(content)} {side}"
    kept = QPixmap()
    if QPixmapCache.find(key, kept):
        return kept
    image = decode(content, side * _SCALE)
    if image is None:
        return None
    drawn = QPixmap(side * _SCALE, side * _SCALE)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addEllipse(QRectF(0, 0, drawn.width(), drawn.height()))
    painter.setClipPath(path)
    painter.drawImage(0, 0, image)
    painter.end()
    drawn.setDevicePixelRatio(_SCALE)
    QPixmapCache.insert(key, drawn)
    return drawn


def paint_portrait(painter: QPainter, place: QRectF, name: str, address: str, content: bytes, theme: Theme) -> None:
    """Paint somebody's portrait into a square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    picture = _round(content, int(place.width())) if content else None
    if picture is not None:
        painter.drawPixmap(QPointF(place.topLeft()), picture)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(avatar_colour(address)))
        painter.drawEllipse(place)
        font = theme.font(bold=True)
        font.setPixelSize(max(9, int(place.width() * 0.36)))
        painter.setFont(font)
        painter.setPen(QPen(QColor("#FFFFFF")))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, "@" if "@" not in address else initials(name, address))
    painter.restore()
