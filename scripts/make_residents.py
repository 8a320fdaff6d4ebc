"""Writes resources/community/: the 200 residents of the sample community and their drawn pictures; the same every time.

Run: ./run --in-env python scripts/make_residents.py
"""

import json
import os
import random
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPainterPath

TARGET = Path(__file__).resolve().parent.parent / "resources" / "community"

FIXED = [
    # name, address, headline, organisation, place, cluster, interests
    ("Kofi Mensah", "kofi.mensah@care.example", "Cold-chain engineer", "Delta Health", "Accra", 0, ["cold chain", "logistics", "public health"]),
    ("Ines Duarte", "ines@lisboa.example", "Epidemiologist", "Instituto Atlântico", "Lisbon", 0, ["public health", "data", "choir"]),
    ("Pavel Novák", "pavel@sklad.example", "Warehouse lead", "Sklad Brno", "Brno", 0, ["logistics", "cycling"]),
    ("Sara Lund", "sara.lund@tidning.example", "Journalist, health desk", "Nordtidningen", "Malmö", 0, ["public health", "journalism"]),
    ("Obi Eze", "obi@choir.example", "Choir director", "Enugu Voices", "Enugu", 1, ["choir", "arranging", "public health"]),
    ("Lena Graf", "lena.graf@karte.example", "Map maker", "Kartenwerk", "Zürich", 2, ["maps", "cycling", "logistics"]),
    ("Yuki Tanaka 田中", "yuki@uni.example", "Logistics student", "Osaka University", "Osaka", 3, ["logistics", "cold chain"]),
    ("Omar Haddad", "omar@pharma.example", "Pharmacist", "Clinique du Lac", "Tunis", 0, ["public health", "chess"]),
    ("Amara Okafor", "amara@care.example", "Paediatric nurse", "Lagos University Teaching Hospital", "Lagos", 0,
     ["public health", "logistics", "cold chain", "gardening"]),
    ("Jonas Lindqvist", "jonas@fjordkraft.example", "Data engineer", "Fjordkraft", "Bergen", 2, ["open data", "cycling", "logistics"]),
    ("Mei-Ling Chen 陳美玲", "meiling@ux.example", "UX researcher", "Studio Nord", "Taipei", 3, ["design", "choir"]),
    ("R. Delgado", "r.delgado@northwind.example", "Talent partner at Northwind, recruiting for public health", "Northwind", "Madrid", 4,
     ["recruiting", "public health"]),
    ("Hana Suzuki", "hana@lab.example", "Cold-chain lab", "Kansai Cold Lab", "Osaka", 0, ["cold chain", "public health"]),
    ("Luis Prado", "luis@revista.example", "Vaccines editor", "Revista Salud", "Bogotá", 0, ["public health", "journalism"]),
    ("Elif Kaya", "elif@koro.example", "Choir network", "Izmir Koro", "Izmir", 1, ["choir", "events"]),
    ("ليلى حداد", "layla@care.example", "Midwife and trainer", "Amman Birth Centre", "Amman", 0, ["public health", "training"]),
    ("Tomáš Dvořák", "tomas@old.example", "Went to school with you", "", "Prague", 1, ["choir"]),
    ("Grace Wanjiru", "grace@baridi.example", "Client: Baridi Freight, vaccine shipping", "Baridi Freight", "Nairobi", 4,
     ["logistics", "cold chain"]),
    ("Daniel Osei", "daniel.osei@uni.example", "Public health graduate, looking for a first job", "", "Kumasi", 3, ["public health", "data"]),
    ("Priya Raman", "priya@health.example", "Immunisation programme lead", "Chennai Health Trust", "Chennai", 0,
     ["public health", "training", "cold chain"]),
]  # fmt: skip
LOOKALIKE = ("Kofi Mensah", "kofi.rnensah@care.example", "", "", "", 5, [])
SPAM = ["Profit Adviser", "Crypto Gains", "Lucky Winner", "Invest Now", "Gold Signal", "Rich Life", "Money Coach", "Trade Master", "Easy Cash",
        "Big Bonus", "Coin Queen", "Fast Return"]  # fmt: skip

MANY = """
Aisha Bello|aisha.bello;Chinedu Obi|chinedu.obi;Fatou Diop|fatou.diop;Kwame Boateng|kwame.boateng;Zanele Dlamini|zanele.dlamini
Thabo Nkosi|thabo.nkosi;Amina Yusuf|amina.yusuf;Moussa Traoré|moussa.traore;Njeri Kamau|njeri.kamau;Tendai Moyo|tendai.moyo
Selam Tesfaye ሰላም|selam.tesfaye;አበበ ገብረ|abebe.gebre;Hanna Bekele|hanna.bekele;Samir Benali|samir.benali;سارة منصور|sara.mansour
يوسف العلي|yusuf.ali;محمد رضا کریمی|reza.karimi;نرگس احمدی|narges.ahmadi;دانیال موسوی|danial.mousavi;Leïla Haddad|leila.haddad
דנה כהן|dana.cohen;יונתן לוי|yonatan.levi;נועה פרידמן|noa.friedman;Ayşe Yılmaz|ayse.yilmaz;Mehmet Demir|mehmet.demir;Gülay Şahin|gulay.sahin
अदिति शर्मा|aditi.sharma;राहुल वर्मा|rahul.verma;सुनीता देशपांडे|sunita.deshpande;Arjun Mehta|arjun.mehta;Kavya Nair|kavya.nair
மீனா குமார்|meena.kumar;செல்வன் இளங்கோ|selvan.ilango;অনন্যা সেন|ananya.sen;রফিক ইসলাম|rafiq.islam;ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ|gurpreet.singh
సీతా రెడ్డి|sita.reddy;ශ්‍යාමා පෙරේරා|shyama.perera;Nimal Fernando|nimal.fernando;Sita Gurung सीता|sita.gurung;Tenzin Dorje|tenzin.dorje
สมชาย ใจดี|somchai.jaidee;พิมพ์ ศรีสุข|pim.srisuk;Nguyễn Thị Lan|lan.nguyen;Trần Minh Đức|duc.tran;Phạm Hoa|hoa.pham;Dewi Lestari|dewi.lestari
Budi Santoso|budi.santoso;Siti Rahayu|siti.rahayu;José Reyes|jose.reyes;Maria Santos|maria.santos;Anh Võ|anh.vo;Mya Thein မြသိန်း|mya.thein
王伟|wei.wang;李娜|na.li;张敏|min.zhang;刘洋|yang.liu;陈静|jing.chen;林志明|zhiming.lin;黃雅婷|yating.huang;Wong Ka Yan 黃嘉欣|kayan.wong
佐藤 健|ken.sato;鈴木 花子|hanako.suzuki;高橋 優|yu.takahashi;伊藤 さくら|sakura.ito;渡辺 翔|sho.watanabe;山本 葵|aoi.yamamoto
김서연|seoyeon.kim;이준호|junho.lee;박지민|jimin.park;최민수|minsu.choi;정하은|haeun.jung;Бат-Эрдэнэ|bat.erdene
Ольга Петрова|olga.petrova;Иван Смирнов|ivan.smirnov;Анна Кузнецова|anna.kuznetsova;Олена Шевченко|olena.shevchenko;Тарас Бондар|taras.bondar
Марія Коваль|maria.koval;Георги Иванов|georgi.ivanov;Милица Јовановић|milica.jovanovic;Стефан Николић|stefan.nikolic;Алина Касымова|alina.kasymova
Γιώργος Παπαδόπουλος|giorgos.papadopoulos;Ελένη Νικολάου|eleni.nikolaou;Δημήτρης Βασιλείου|dimitris.vasileiou;ნინო ბერიძე|nino.beridze
გიორგი კაპანაძე|giorgi.kapanadze;Արամ Պետրոսյան|aram.petrosyan;Անի Սարգսյան|ani.sargsyan;Jānis Ozols|janis.ozols;Rūta Kazlauskienė|ruta.kazlauskiene
Mari Tamm|mari.tamm;Aino Virtanen|aino.virtanen;Eero Mäkinen|eero.makinen;Sigríður Jónsdóttir|sigridur.jonsdottir;Þór Ólafsson|thor.olafsson
Ingrid Solberg|ingrid.solberg;Øyvind Hansen|oyvind.hansen;Søren Møller|soren.moller;Freja Kjær|freja.kjaer;Åsa Öberg|asa.oberg;Elsa Bergman|elsa.bergman
Zoë van Dijk|zoe.vandijk;Daan de Vries|daan.devries;Siobhán O'Neill|siobhan.oneill;Ciarán Murphy|ciaran.murphy;Rhys Llewellyn|rhys.llewellyn
Emily Clarke|emily.clarke;Oliver Bennett|oliver.bennett;Isla MacLeod|isla.macleod;Hannah Weiß|hannah.weiss;Jürgen Groß|juergen.gross
Anneliese Köhler|anneliese.koehler;Lukas Brunner|lukas.brunner;Chloé Lefèvre|chloe.lefevre;François Dubois|francois.dubois;Aurélie Noël|aurelie.noel
Giulia Ricci|giulia.ricci;Matteo Greco|matteo.greco;Núria Puig|nuria.puig;Íñigo Etxeberria|inigo.etxeberria;Lucía Fernández|lucia.fernandez
João Cardoso|joao.cardoso;Beatriz Simões|beatriz.simoes;Łukasz Wójcik|lukasz.wojcik;Agnieszka Żak|agnieszka.zak;Zofia Dąbrowska|zofia.dabrowska
Katarína Hrušková|katarina.hruskova;Žiga Kovačič|ziga.kovacic;Đurđa Horvat|durda.horvat;Ștefan Țurcanu|stefan.turcanu;Ioana Brătianu|ioana.bratianu
Árpád Kőszegi|arpad.koszegi;Réka Szűcs|reka.szucs;Ardita Hoxha|ardita.hoxha;Valentina Rojas|valentina.rojas;Mateo Quispe|mateo.quispe
Camila Ñáñez|camila.nanez;Thiago Araújo|thiago.araujo;Yara Guarani|yara.guarani;Ximena Torres|ximena.torres;Nayeli Xóchitl|nayeli.xochitl
Aiyana Begay|aiyana.begay;Marcus Johnson|marcus.johnson;Tamika Washington|tamika.washington;Ethan Nguyen|ethan.nguyen;Rosa Delgado|rosa.delgado
Kai Kahananui|kai.kahananui;Mere Tūhoe|mere.tuhoe;Aroha Ngāti|aroha.ngati;Sefina Leota|sefina.leota;Jack Wirra|jack.wirra;Mele Fonua|mele.fonua
Noor Jansen|noor.jansen;Bilal Chaudhry بلال|bilal.chaudhry;Hina Aslam|hina.aslam;Farid Nazari|farid.nazari;Dilnoza Karimova|dilnoza.karimova
Gulnara Aliyeva|gulnara.aliyeva;Roza Barzani|roza.barzani;Yonas Haile|yonas.haile;Halima Warsame|halima.warsame;Hoda El Sayed|hoda.elsayed
Vusi Mthembu|vusi.mthembu;Nomsa Khumalo|nomsa.khumalo;Ana Lucía Gómez Pérez de la Fuente|ana.gomez;Wim Peeters|wim.peeters;Maxim Popov|maxim.popov
"""

CLUSTERS = [
    ("Public health", ["care.example", "health.example", "lab.example"], ["public health", "cold chain", "logistics", "training", "data", "gardening"],
     ["Nurse", "Vaccine officer", "Epidemiologist", "Ward sister", "Clinic manager", "Health economist", "Community health worker", "Lab technician"],
     ["Delta Health", "City Clinic", "Red Lion Hospital", "Health Watch"]),
    ("Choir", ["choir.example", "koro.example"], ["choir", "arranging", "piano", "events", "languages"],
     ["Alto, amateur choir", "Choir director", "Music teacher", "Sound engineer", "Organist", "Festival planner"],
     ["Harbour Singers", "Enugu Voices", "Open Choir"]),
    ("Cycling lanes", ["velo.example", "karte.example"], ["cycling", "maps", "open data", "city planning", "photography"],
     ["Bicycle mechanic", "City planner", "Map maker", "Traffic counter", "Cargo bike courier", "Transport researcher"],
     ["Velo Union", "Kartenwerk", "City Hall"]),
    ("University", ["uni.example", "campus.example"], ["logistics", "statistics", "design", "chess", "hiking"],
     ["Logistics student", "Lecturer in statistics", "Doctoral student", "Librarian", "Research assistant", "Design researcher"],
     ["Osaka University", "University of Kumasi", "Campus Lab"]),
    ("Business", ["northwind.example", "baridi.example", "agentur.example"], ["recruiting", "sales", "logistics", "public speaking"],
     ["Recruiter for health tech", "Talent acquisition", "Account manager, freight", "Business development", "Freight broker"],
     ["Northwind", "Baridi Freight", "Agentur Nord"]),
]  # fmt: skip
PLACES = ["Accra", "Lisbon", "Brno", "Malmö", "Enugu", "Zürich", "Osaka", "Tunis", "Lagos", "Bergen", "Taipei", "Nairobi", "Chennai", "Hanoi", "Porto",
          "Lyon", "Gdańsk", "Tbilisi", "Kyiv", "Bogotá", "Quito", "Wellington", "Seoul", "Dhaka", "Amman"]  # fmt: skip


def residents(rng: random.Random) -> list[dict[str, object]]:
    """Everybody, in a fixed order: the people of the story, the many, the look-alike, the spam ring."""
    found: list[dict[str, object]] = []

    def add(
        name: str, address: str, headline: str, organisation: str, place: str, cluster: int, interests: list[str], **more: object
    ) -> None:
        about = ""
        if headline and more.get("full", True):
            about = f"{headline}{' at ' + organisation if organisation else ''}. Most of my week is {', '.join(interests[:2])}."
        found.append({
            "address": address, "name": name, "headline": headline, "organisation": organisation, "location": place, "about": about,
            "interests": interests, "cluster": cluster, "days": more.get("days", rng.randrange(200, 2400)),
            "shares": more.get("shares", rng.random() < 0.8), "picture": bool(more.get("picture", rng.random() < 0.72)),
            "warmth": round(rng.uniform(0.1, 0.9), 2),
        })  # fmt: skip

    for name, address, headline, organisation, place, cluster, interests in FIXED:
        add(
            name,
            address,
            headline,
            organisation,
            place,
            cluster,
            interests,
            picture=cluster < 4 and address != "tomas@old.example",
            shares=True,
        )
    many = [entry for line in MANY.strip().splitlines() for entry in line.split(";")]
    weights = [58, 36, 34, 40, 14]
    target = 200 - len(FIXED) - 1 - len(SPAM)
    for at, entry in enumerate(many[:target]):
        name, local = entry.split("|")
        cluster = rng.choices(range(5), weights)[0]
        _, domains, interests, roles, organisations = CLUSTERS[cluster]
        chosen = rng.sample(interests, rng.randrange(2, 5))
        if rng.random() < 0.35:
            chosen.append(rng.choice(CLUSTERS[rng.randrange(5)][2]))
        bare = rng.random() < 0.12
        add(
            name, f"{local}@{domains[at % len(domains)]}", "" if bare else rng.choice(roles), "" if bare else rng.choice(organisations),
            "" if bare else rng.choice(PLACES), cluster, [] if bare else list(dict.fromkeys(chosen)), full=not bare, picture=None if not bare else False,
        )  # fmt: skip
        if found[-1]["picture"] is False and not bare and rng.random() < 0.5:
            found[-1]["picture"] = True
    add(*LOOKALIKE, days=4, shares=False, picture=False)
    for at, name in enumerate(SPAM):
        add(
            name,
            f"{name.lower().replace(' ', '_')}_{31 + at * 7}@fast-profit.example",
            "",
            "",
            "",
            5,
            [],
            days=2,
            shares=False,
            picture=False,
        )
    return found


def ties(people: list[dict[str, object]], rng: random.Random) -> list[list[int]]:
    """Who is connected with whom, as pairs of places in the list: dense within a cluster, some across."""
    real = [at for at, one in enumerate(people) if one["cluster"] != 5]
    pairs: set[tuple[int, int]] = set()
    for at in real:
        same = [other for other in real if other != at and people[other]["cluster"] == people[at]["cluster"]]
        others = [other for other in real if people[other]["cluster"] != people[at]["cluster"]]
        for other in rng.sample(same, min(len(same), rng.randrange(5, 12))) + rng.sample(others, rng.randrange(0, 3)):
            pairs.add((min(at, other), max(at, other)))
    # the people of the story know those whom the story says they know
    place = {str(one["address"]): at for at, one in enumerate(people)}
    for who, whom in (
        ("amara@care.example", ("kofi.mensah@care.example", "ines@lisboa.example", "pavel@sklad.example", "sara.lund@tidning.example", "obi@choir.example",
                                "lena.graf@karte.example")),
        ("jonas@fjordkraft.example", ("lena.graf@karte.example", "pavel@sklad.example")),
        ("meiling@ux.example", ("yuki@uni.example",)),
        ("hana@lab.example", ("kofi.mensah@care.example", "yuki@uni.example")),
        ("grace@baridi.example", ("kofi.mensah@care.example",)),
        ("priya@health.example", ("ines@lisboa.example", "kofi.mensah@care.example", "omar@pharma.example")),
        ("luis@revista.example", ("sara.lund@tidning.example",)),
        ("elif@koro.example", ("obi@choir.example",)),
    ):  # fmt: skip
        for other in whom:
            pairs.add((min(place[who], place[other]), max(place[who], place[other])))
    return [list(pair) for pair in sorted(pairs)]


SKIN = ["#F6D7C3", "#EAC0A0", "#D9A27A", "#B97D55", "#8E5B3A", "#6B4229", "#4A2D1C"]
HAIR = ["#1D1A1A", "#3B2A20", "#5B3B25", "#8A5A33", "#B98A4A", "#D9D4CC", "#7A2F24", "#2B2F55"]
GROUND = ["#2A9DB0", "#D9A441", "#6B7790", "#3F9E70", "#C2588B", "#5B8DEF", "#8E6FD8", "#DE7B5F", "#4D7EA8", "#7A9E4B"]


def draw(rng: random.Random) -> QImage:
    """A drawn portrait, 96 by 96 pixels: ground, shoulders, face, hair, eyes, mouth, now and then glasses."""
    image = QImage(96, 96, QImage.Format.Format_RGB32)
    ground, skin, hair = QColor(rng.choice(GROUND)), QColor(rng.choice(SKIN)), QColor(rng.choice(HAIR))
    image.fill(ground)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    shirt = QColor(rng.choice(GROUND)).darker(rng.randrange(105, 160))
    long_hair = rng.random() < 0.5
    if long_hair:
        painter.setBrush(hair)
        painter.drawRoundedRect(QRectF(25, 22, 46, rng.randrange(48, 62)), 22, 22)
    painter.setBrush(shirt)
    painter.drawEllipse(QRectF(12, 70, 72, 52))
    painter.setBrush(skin.darker(108))
    painter.drawRect(QRectF(41, 58, 14, 18))
    painter.setBrush(skin)
    painter.drawEllipse(QRectF(30, 25, 36, 44))
    painter.setBrush(hair)
    cap = QPainterPath()
    fringe = rng.randrange(36, 44)
    cap.moveTo(28, fringe + 6)
    cap.cubicTo(QPointF(24, 12), QPointF(72, 12), QPointF(68, fringe + 6))
    cap.cubicTo(QPointF(62, fringe - 10), QPointF(44, fringe - rng.randrange(0, 14)), QPointF(28, fringe + 6))
    if rng.random() < 0.9:
        painter.drawPath(cap)
    if not long_hair and rng.random() < 0.3:
        painter.drawChord(QRectF(33, 44, 30, 26), 180 * 16, 180 * 16)
        painter.setBrush(skin)
        painter.drawChord(QRectF(38, 46, 20, 14), 180 * 16, 180 * 16)
    painter.setBrush(QColor("#22242A"))
    for x in (40, 53):
        painter.drawEllipse(QRectF(x, 45, 4, 4.5))
    pen = painter.pen()
    pen.setStyle(Qt.PenStyle.SolidLine)
    pen.setColor(QColor("#7A3B33"))
    pen.setWidthF(1.8)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(42, 51, 12, 9), 200 * 16, 140 * 16)
    if rng.random() < 0.25:
        pen.setColor(QColor("#2B2F38"))
        painter.setPen(pen)
        painter.drawEllipse(QRectF(36, 42, 11, 10))
        painter.drawEllipse(QRectF(50, 42, 11, 10))
        painter.drawLine(QPointF(47, 46), QPointF(50, 46))
    painter.end()
    return image


def main() -> None:
    """Write the residents, their ties and their pictures."""
    QGuiApplication([])
    rng = random.Random(20261123)
    people = residents(rng)
    document = {"residents": people, "ties": ties(people, rng), "clusters": [one[0] for one in CLUSTERS]}
    assert len(people) == 200 and len({str(one["address"]) for one in people}) == 200, len(people)
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "residents.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    pictures = TARGET / "pictures"
    pictures.mkdir(exist_ok=True)
    for old in pictures.glob("*.png"):
        old.unlink()
    for at, one in enumerate(people):
        if one["picture"]:
            draw(random.Random(f"{one['address']}")).save(str(pictures / f"{at:03}.png"), "PNG", 20)
    print(len(people), "residents,", len(document["ties"]), "ties,", len(list(pictures.iterdir())), "pictures")


if __name__ == "__main__":
    main()
