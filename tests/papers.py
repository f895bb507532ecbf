"""What a reader of a paper sees: the words in its compressed pages, one page after the other."""

from io import BytesIO

from pypdf import PdfReader


def words_of(paper: bytes) -> bytes:
    """All words of a PDF, where lines were broken by its width joined again."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    return " ".join("\n".join(pages).split()).encode()
