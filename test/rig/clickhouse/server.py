"""ClickHouse's own engine (chdb) behind the part of its HTTP interface that its official client uses."""

import gzip
import re
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import parse_qsl, urlsplit

from chdb import session

engine = session.Session(sys.argv[2])
turn = Lock()
# What the interface understands itself, and what the engine is not asked for.
own = {"query", "query_id", "database", "default_format", "enable_http_compression", "session_id"}
skipped = {"readonly", "send_progress_in_http_headers", "wait_end_of_query", "role", "http_write_exception_in_output_format"}
reads = ("SelectWithUnionQuery", "SelectIntersectExceptQuery", "Explain", "ShowTables")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        self.answer(200, b"Ok.\n") if self.path.startswith("/ping") else self.work(b"")

    def do_POST(self):
        length = self.headers.get("Content-Length")
        if length is not None:
            body = self.rfile.read(int(length))
        else:
            body = b""
            while size := int(self.rfile.readline().strip() or b"0", 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.work(body)

    def work(self, body):
        with turn:
            self.ask(body)

    def ask(self, body):
        asked = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        if self.headers.get("Authorization") == "Basic dHJpYnV0YXJ5Ondyb25n":
            return self.refuse("Code: 516. DB::Exception: tributary: Authentication failed. (AUTHENTICATION_FAILED)")
        data = "\n" + body.decode() if "query" in asked else ""
        sql = asked.get("query") or body.decode()
        settings = ", ".join(
            f"{name} = '{value}'" for name, value in asked.items() if name not in own | skipped
        )
        try:
            if asked.get("readonly"):
                tree = str(engine.query("EXPLAIN AST " + re.sub(r"\s+FORMAT\s+\w+\s*$", "", sql), "TSVRaw"))
                if not tree.startswith(reads):
                    return self.refuse("Code: 164. DB::Exception: Cannot execute query in readonly mode. (READONLY)")
            if settings:
                at = re.search(r"\s+FORMAT\s+\w+\s*$", sql)
                if data and at:
                    sql = f"{sql[: at.start()]} SETTINGS {settings}{at.group()}"
                elif at or re.match(r"\s*(select|with)\b", sql, re.I):
                    sql = f"{sql} SETTINGS {settings}"
            result = engine.query(sql + data, "TSV")
            self.answer(200, result.bytes() if result is not None else b"")
        except Exception as error:  # What the engine refuses has its code in its words.
            self.refuse(str(error))

    def refuse(self, words):
        code = re.search(r"Code: (\d+)", words)
        self.answer(500, words.encode(), {"X-ClickHouse-Exception-Code": code.group(1) if code else "1002"})

    def answer(self, status, body, headers={}):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "X-ClickHouse-Summary": "{}", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
