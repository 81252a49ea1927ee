package tillcast.bench;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** One row of the rollup. */
record Sum(long net, long orders) {
  static final Sum ZERO = new Sum(0, 0);
  static final Serde<Sum> SERDE =
      Serdes.serdeFrom(
          (topic, sum) ->
              sum == null
                  ? null
                  : ByteBuffer.allocate(16).putLong(sum.net).putLong(sum.orders).array(),
          (topic, bytes) -> {
            if (bytes == null) return null;
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Sum(buffer.getLong(), buffer.getLong());
          });

  Sum plus(int sign, long amount) {
    return new Sum(net + sign * amount, orders + sign);
  }
}
