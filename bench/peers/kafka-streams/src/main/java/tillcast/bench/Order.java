package tillcast.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The newest known picture of an order, as far as the rollup depends on it. */
record Order(
    String id, long version, String store, String channel, long windowStart, long net, boolean counted) {
  static final Serde<Order> SERDE =
      Serdes.serdeFrom((topic, order) -> write(order), (topic, bytes) -> read(bytes));

  /** The rollup row that it counts in. */
  String sumKey() {
    return store + "|" + channel + "|" + windowStart;
  }

  private static byte[] write(Order order) {
    if (order == null) return null;
    byte[][] texts = {bytes(order.id), bytes(order.store), bytes(order.channel)};
    ByteBuffer buffer =
        ByteBuffer.allocate(25 + Arrays.stream(texts).mapToInt(text -> text.length + 1).sum());
    buffer.putLong(order.version).putLong(order.windowStart).putLong(order.net);
    buffer.put((byte) (order.counted ? 1 : 0));
    for (byte[] text : texts) buffer.put((byte) text.length).put(text);
    return buffer.array();
  }

  private static Order read(byte[] bytes) {
    if (bytes == null) return null;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long version = buffer.getLong();
    long windowStart = buffer.getLong();
    long net = buffer.getLong();
    boolean counted = buffer.get() == 1;
    return new Order(text(buffer), version, text(buffer), text(buffer), windowStart, net, counted);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(ByteBuffer buffer) {
    byte[] text = new byte[buffer.get()];
    buffer.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
