package dev.modelfamily.e2e.cluster;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A whole HTTP/1.1 request as it came. */
final class HttpRequestBytes {
    /** Two ends of a line, as the bytes of one number. */
    private static final int END_OF_HEAD = 0x0d0a0d0a;

    /** What may follow the size of a chunk. */
    private static final Pattern SIZE_END = Pattern.compile("[^0-9a-fA-F].*");

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)");

    /** The request line and the fields, these in small letters. */
    private final String head;

    private final byte[] bytes;

    private HttpRequestBytes(String head, byte[] bytes) {
        this.head = head;
        this.bytes = bytes;
    }

    /** Reads the next one; null where there is none, because the client has closed the connection. */
    static HttpRequestBytes read(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        while (last != END_OF_HEAD) {
            int next = in.read();
            if (next < 0 && bytes.size() == 0) {
                return null;
            }
            if (next < 0) {
                throw new EOFException("the connection ended within the head of a request");
            }
            bytes.write(next);
            last = last << 8 | next;
        }
        String head = bytes.toString(StandardCharsets.ISO_8859_1);
        String fields = head.substring(head.indexOf("\r\n")).toLowerCase(Locale.ROOT);
        if (fields.contains("\r\ntransfer-encoding:")) {
            bytes.write(chunks(in));
        } else {
            Matcher length = LENGTH.matcher(fields);
            bytes.write(length.find() ? in.readNBytes(Integer.parseInt(length.group(1))) : new byte[0]);
        }
        return new HttpRequestBytes(head.substring(0, head.indexOf("\r\n")) + fields, bytes.toByteArray());
    }

    ApiCall call() {
        int path = head.indexOf(' ') + 1;
        return new ApiCall(head.substring(0, path - 1), head.substring(path, head.indexOf(' ', path)));
    }

    /** All of it, with the body. */
    void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Whether what follows is no HTTP any more, but a web socket. */
    boolean isUpgrade() {
        return head.contains("\r\nupgrade:");
    }

    /** The chunks of a body up to the empty one that ends it. */
    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int size;
        do {
            String line = line(in);
            size = Integer.parseInt(SIZE_END.matcher(line).replaceFirst(""), 16);
            all.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            all.write(in.readNBytes(size + 2));
        } while (size > 0);
        return all.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended within a body");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
