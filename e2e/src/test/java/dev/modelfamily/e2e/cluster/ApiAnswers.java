package dev.modelfamily.e2e.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;

/** Brings the answers of the API server to a client, as they come. */
final class ApiAnswers implements Runnable {
    private final Socket api;
    private final Socket client;
    private final AtomicReference<Runnable> instead = new AtomicReference<>();

    ApiAnswers(Socket api, Socket client) {
        this.api = api;
        this.client = client;
    }

    /** What happens in the place of the next answer, once the API server has given it; the client never gets it. */
    void instead(Runnable action) {
        instead.set(action);
    }

    @Override
    public void run() {
        try (client) {
            InputStream in = api.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                Runnable action = instead.get();
                if (action != null) {
                    action.run();
                    return;
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException _) {
            // One side is gone; closing the client's connection tells the other.
        }
    }
}
