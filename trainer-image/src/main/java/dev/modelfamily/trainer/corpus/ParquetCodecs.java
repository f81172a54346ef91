package dev.modelfamily.trainer.corpus;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/** The decompressors of the codecs that data sets use, without the Hadoop classes that the library's own factory needs. */
final class ParquetCodecs implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Parquet is only read");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Decompressor(codec);
    }

    @Override
    public void release() {
        // holds nothing
    }

    private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int decompressedSize) throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(Math.toIntExact(bytes.size()));
            bytes.writeAllTo(whole);
            return BytesInput.from(decompress(ByteBuffer.wrap(whole.toByteArray()), decompressedSize));
        }

        @Override
        public void decompress(ByteBuffer input, int compressedSize, ByteBuffer output, int decompressedSize)
                throws IOException {
            output.put(decompress(input.slice(input.position(), compressedSize), decompressedSize));
            input.position(input.position() + compressedSize);
        }

        @Override
        public void release() {
            // holds nothing
        }

        private byte[] decompress(ByteBuffer input, int decompressedSize) throws IOException {
            byte[] bytes = new byte[input.remaining()];
            input.get(bytes);
            return switch (codec) {
                case UNCOMPRESSED -> bytes;
                case SNAPPY -> Snappy.uncompress(bytes);
                case ZSTD -> Zstd.decompress(bytes, decompressedSize);
                case GZIP -> gunzip(bytes);
                case LZO, BROTLI, LZ4, LZ4_RAW ->
                    throw new IOException("codec " + codec + " is not supported; use Snappy, Zstandard or gzip");
            };
        }

        private static byte[] gunzip(byte[] bytes) throws IOException {
            try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return in.readAllBytes();
            }
        }
    }
}
