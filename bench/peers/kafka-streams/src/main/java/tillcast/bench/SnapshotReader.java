package tillcast.bench;

import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/** Reads what the rollup needs of an order snapshot in Confluent's wire format; other fields are skipped. */
final class SnapshotReader {
  /** A zero byte and the schema's id. */
  private static final int HEADER_BYTES = 5;

  private static final long WINDOW_MS = 900_000;
  private static final List<String> FIELDS =
      List.of("storeId", "orderId", "version", "status", "paidAt", "channel", "totals");

  private final GenericDatumReader<GenericRecord> reader;
  private BinaryDecoder decoder;
  private GenericRecord record;

  SnapshotReader(Schema writer) {
    List<Schema.Field> wanted =
        writer.getFields().stream()
            .filter(field -> FIELDS.contains(field.name()))
            .map(field -> new Schema.Field(field, field.schema()))
            .toList();
    Schema projection =
        Schema.createRecord(writer.getName(), null, writer.getNamespace(), false, wanted);
    reader = new GenericDatumReader<>(writer, projection);
  }

  Order read(byte[] value) {
    try {
      int length = value.length - HEADER_BYTES;
      decoder = DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, length, decoder);
      record = reader.read(record, decoder);
    } catch (IOException fault) {
      throw new IllegalArgumentException("not an order snapshot", fault);
    }
    Long paidAt = (Long) record.get("paidAt");
    boolean isCounted = paidAt != null && "closed".equals(record.get("status").toString());
    return new Order(
        record.get("orderId").toString(),
        (Long) ((GenericRecord) record.get("version")).get("vendorVersion"),
        record.get("storeId").toString(),
        record.get("channel").toString(),
        paidAt == null ? 0 : Math.floorDiv(paidAt, WINDOW_MS) * WINDOW_MS,
        (Long) ((GenericRecord) record.get("totals")).get("net"),
        isCounted);
  }
}
