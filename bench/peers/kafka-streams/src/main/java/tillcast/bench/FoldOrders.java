package tillcast.bench;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/** Replaces an order's older picture by its newer one, and forwards the sums that change. */
final class FoldOrders implements Processor<String, byte[], String, Sum> {
  private final SnapshotReader reader;
  private final String headsName;
  private final String sumsName;
  private ProcessorContext<String, Sum> context;
  private KeyValueStore<String, Order> heads;
  private KeyValueStore<String, Sum> sums;

  FoldOrders(SnapshotReader reader, String headsName, String sumsName) {
    this.reader = reader;
    this.headsName = headsName;
    this.sumsName = sumsName;
  }

  @Override
  public void init(ProcessorContext<String, Sum> given) {
    context = given;
    heads = given.getStateStore(headsName);
    sums = given.getStateStore(sumsName);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    Order order = reader.read(record.value());
    Order head = heads.get(order.id());
    if (head != null && head.version() >= order.version()) return;
    if (head != null && head.counted()) add(head, -1, record.timestamp());
    if (order.counted()) add(order, 1, record.timestamp());
    heads.put(order.id(), order);
  }

  private void add(Order order, int sign, long timestamp) {
    String key = order.sumKey();
    Sum before = sums.get(key);
    Sum after = (before == null ? Sum.ZERO : before).plus(sign, order.net());
    sums.put(key, after);
    context.forward(new Record<>(key, after, timestamp));
  }
}
