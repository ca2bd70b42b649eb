"""How large a document may be; the one set of limits for every format."""

MAX_BYTES = 50_000_000
# A book of 5,000 pages; the PDF reader holds one page at a time.
MAX_PDF_BYTES = 200_000_000
# 5,000 full pages.
MAX_CHARACTERS = 25_000_000
MAX_PAGES = 10_000
# A block takes about two kilobytes of memory, however short it is.
MAX_BLOCKS = 300_000

# What a zip (docx, pptx, xlsx, epub) may hold. Measured in bytes after expansion.
MAX_MEMBERS = 10_000
MAX_EXPANDED = 300_000_000
# The largest part that becomes a tree in memory (about fifteen bytes for each byte of XML).
MAX_XML = 40_000_000
# Office XML shrinks to a tenth, at most to a hundredth; bombs to a thousandth.
MAX_RATIO = 250
FREE_OF_RATIO = 1_000_000

MAX_CELLS = 2_000_000

# For the process that opens a PDF.
PDF_MEMORY = 1_200_000_000
PDF_CPU_S = 600
