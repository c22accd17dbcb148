"""A document that cannot be used is told with its place, and nobody's data is quoted."""

import json
from pathlib import Path
from typing import Any

import pytest
from lagomar_office.documents import DocumentError, read_document

DOCUMENT: dict[str, Any] = {
    "suministro": "s1",
    "numero": "01-7",
    "servicio": "Agua potable",
    "estado": "activo",
    "socio": {"clave": "p1", "nombre": "Delmira Agustini", "clase": "persona"},
    "a_favor": "0.10",
    "facturas": [],
}


def written(folder: Path, **changes: Any) -> Path:
    """A document with some keys changed."""
    path = folder / "0001.json"
    path.write_text(json.dumps(DOCUMENT | changes), encoding="utf-8")
    return path


def test_a_document_is_read(tmp_path: Path) -> None:
    """Words are translated and amounts are exact."""
    found = read_document(written(tmp_path), "UYU")
    assert (found["estado"], found["a_favor"].minor) == ("ACTIVE", 10)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"a_favor": "10,5"}, "Key 'a_favor' error:"),
        ({"a_favor": 10.5}, "Key 'a_favor' error:"),
        ({"estado": "moroso"}, "Key 'estado' error:"),
        ({"numero": "--"}, "Key 'numero' error:"),
        ({"socio": {**DOCUMENT["socio"], "nombre": None}}, "Key 'socio' error: Key 'nombre' error:"),
        ({"socio": {"nombre": "Delmira Agustini"}}, "Missing key"),
    ],
)
def test_a_wrong_document_is_told(changes: dict[str, Any], place: str, tmp_path: Path) -> None:
    """The file, the key, and nothing of what stands there."""
    with pytest.raises(DocumentError, match=place) as caught:
        read_document(written(tmp_path, **changes), "UYU")
    assert "0001.json" in str(caught.value)
    assert "Delmira" not in str(caught.value)


def test_what_is_no_json_is_told(tmp_path: Path) -> None:
    """A file that was cut off."""
    path = tmp_path / "0001.json"
    path.write_text(json.dumps(DOCUMENT)[:40], encoding="utf-8")
    with pytest.raises(DocumentError, match="not a JSON document"):
        read_document(path, "UYU")
