"""Edits between the old bytes: nothing that an edit does not name moves."""

import pytest

from rebal_xl.files.refusal import FileRefused
from rebal_xl.files.xmltext import XmlText

TEXT = (
    "<?xml version='1.0'?>\r\n<x:a  xmlns:x = 'urn:a' b='1>2'\t><x:c/><!-- <x:c/> -->"
    '<x:d n = "1">t&amp;&#233;</x:d ></x:a>\n'
)


def parsed(text: str = TEXT, encoding: str = "utf-8") -> XmlText:
    return XmlText(text.encode(encoding), "xl/some.xml")


def test_without_an_edit_every_byte_stays():
    xml = parsed()
    assert not xml.edited
    assert xml.result() == TEXT.encode()


def test_elements_know_their_place():
    root = parsed().root
    assert (root.local, root.namespace, root.prefix) == ("a", "urn:a", "x:")
    assert root.attributes == {"b": "1>2"}
    assert [child.local for child in root.children] == ["c", "d"]
    assert root.children[0].self_closed
    assert not root.children[1].self_closed
    assert root.children[1].parent is root


def test_appending_opens_a_closed_element_once():
    xml = parsed()
    empty, full = xml.root.children
    for number in (1, 2):
        xml.append(empty, f"<x:e{number}/>")
        xml.append(full, f"<x:f{number}/>")
    expected = TEXT.replace("<x:c/><!", "<x:c><x:e1/><x:e2/></x:c><!").replace("</x:d >", "<x:f1/><x:f2/></x:d >")
    assert xml.result().decode() == expected
    XmlText(xml.result(), "again")


def test_an_attribute_changes_in_place_or_is_added():
    xml = parsed()
    empty, full = xml.root.children
    xml.set_attribute(full, "n", '2"')
    xml.set_attribute(empty, "m", "ł")
    expected = TEXT.replace('n = "1"', "n = '2\"'").replace("<x:c/><!", '<x:c m="ł"/><!')
    assert xml.result().decode() == expected


def test_removing_and_replacing():
    xml = parsed()
    empty, full = xml.root.children
    xml.remove(empty)
    xml.set_text(full, "a<b")
    xml.insert_after(full, "<x:g/>")
    expected = TEXT.replace("<x:c/><!", "<!").replace("t&amp;&#233;", "a&lt;b").replace("</x:d >", "</x:d ><x:g/>")
    assert xml.result().decode() == expected


def test_texts_are_read_with_their_entities():
    xml = parsed()
    assert xml.inner_text(xml.root.children[1]) == "t&é"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "iso-8859-1"])
def test_any_encoding_is_kept_and_letters_it_lacks_are_written_as_numbers(encoding: str):
    declared = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16"}.get(encoding, encoding)
    text = f'<?xml version="1.0" encoding="{declared}"?><a>é</a>'
    xml = XmlText(text.encode(encoding), "xl/some.xml")
    assert xml.result() == text.encode(encoding)
    xml.append(xml.root, "ł")
    added = "&#322;" if encoding == "iso-8859-1" else "ł"
    assert xml.result() == text.replace("é", "é" + added).encode(encoding)


@pytest.mark.parametrize(
    "data", [b"", b"<a>", b"<a></b>", b"no xml", b"<a>\xff</a>", b'<?xml version="1.0" encoding="klingon"?><a/>']
)
def test_what_is_no_xml_is_refused(data: bytes):
    with pytest.raises(FileRefused, match=r"'xl/some\.xml' cannot be read"):
        XmlText(data, "xl/some.xml")


def test_a_dtd_is_refused():
    with pytest.raises(FileRefused, match="declares a DTD"):
        XmlText(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xl/some.xml")
