"""Serves on a free loopback port, says which on standard output, and ends when standard input does."""

import os
import sys
import threading

from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from . import kept


class Quiet(MotoRequestHandler):
    def log_request(self, code="-", size="-"):
        """The gate keeps the record of calls."""

    def connection_dropped(self, error, environ=None):
        """Without this the connection would stay open, waiting for another request."""
        self.close_connection = True


def end_with_parent():
    # The test holds the other end of this pipe: when it ends, however it ends, so does the server.
    sys.stdin.buffer.read()
    os._exit(0)


def serve(application, announce):
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    os.environ["MOTO_PORT"] = str(server.server_port)
    announce(server.server_port)
    server.serve_forever()


def main():
    kept.keep()
    application = DomainDispatcherApplication(create_backend_app)
    application.debug = True
    if "--plain" not in sys.argv[1:]:
        from . import extension, gate, worlds

        extension.register()
        kept.load(application)
        application = gate.Gate(application)

        def serve_copy(announce):
            application.anew()
            serve(application, announce)

        worlds.WORLDS.serve = serve_copy
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve(application, lambda port: print(f"listening {port}", flush=True))


main()
