package io.breakwater.collector.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.databind.type.MapType;
import io.breakwater.engine.Doubles;
import io.breakwater.engine.reference.GatheredReferences;
import io.breakwater.engine.reference.Reference;
import io.breakwater.engine.reference.ReferenceGatherer;
import io.breakwater.engine.reference.ReferenceSet;
import io.breakwater.signals.BucketCounts;
import io.breakwater.signals.HistogramSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The engine's records as JSON and back, without loss.
 *
 * <p>A record is an object of its components; absent ones are left out. A value of a sealed type
 * says which one it is in {@code @type}. Times are ISO 8601 with nanoseconds, infinite numbers the
 * texts {@code "Infinity"} and {@code "-Infinity"}, long rows of numbers base64 of their IEEE 754
 * bytes, highest first. A set of references may be kept elsewhere; then the name of its content
 * stands in its place ({@code content}). Safe for use by many threads.
 */
public final class EngineJson {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .annotationIntrospector(new SealedTypes())
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new ToStringSerializer(Instant.class))
                  .addSerializer(Duration.class, new ToStringSerializer(Duration.class))
                  .addDeserializer(Instant.class, new InstantReader())
                  .addDeserializer(Duration.class, new DurationReader())
                  .addSerializer(Doubles.class, new DoublesWriter())
                  .addDeserializer(Doubles.class, new DoublesReader())
                  .addSerializer(ReferenceSet.class, new ReferenceSetWriter())
                  .addDeserializer(ReferenceSet.class, new ReferenceSetReader())
                  .addSerializer(GatheredReferences.class, new GatheredWriter())
                  .addDeserializer(GatheredReferences.class, new GatheredReader())
                  .addSerializer(HistogramSnapshot.class, new HistogramWriter())
                  .addDeserializer(HistogramSnapshot.class, new HistogramReader()))
          .visibility(PropertyAccessor.GETTER, Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Attribute of a call: what keeps sets of references. */
  private static final Object KEEPER = "references";

  private static final String CONTENT = "content";

  /** More numbers than that nobody reads. */
  private static final int MOST_READABLE = 16;

  private EngineJson() {}

  /** Keeps sets of references outside the text; returns the name of the content. */
  interface Keeper extends Function<ReferenceSet, String> {
    /** Keeps references that were gathered too; null when they are to stand in the text. */
    default @Nullable String gathered(Map<String, Reference> complete) {
      return null;
    }
  }

  /** Finds the signals of a set by the name of the content; null when there are none. */
  interface Finder extends Function<String, @Nullable Map<String, Reference>> {}

  /** The value as text. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /** The value as text that names sets of references. */
  static String write(Object value, Keeper keeper) {
    try {
      return MAPPER.writer().withAttribute(KEEPER, keeper).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  /** The values of a list as text that names sets of references. */
  static <T> String writeList(List<T> values, Class<T> type, Keeper keeper) {
    try {
      return MAPPER
          .writerFor(MAPPER.getTypeFactory().constructCollectionType(List.class, type))
          .withAttribute(KEEPER, keeper)
          .writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: a list of " + type, e);
    }
  }

  /** References by signal, as text. */
  static String writeSignals(Map<String, Reference> signals) {
    return write(signals);
  }

  /** The signals of a set of references. */
  static Map<String, Reference> readSignals(String json) {
    try {
      return MAPPER.readValue(json, signals());
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not references: " + e.getOriginalMessage(), e);
    }
  }

  private static MapType signals() {
    return MAPPER.getTypeFactory().constructMapType(Map.class, String.class, Reference.class);
  }

  /** The values of a list whose elements are of a sealed type, as text. */
  static <T> String writeList(List<T> values, Class<T> type) {
    try {
      return MAPPER
          .writerFor(MAPPER.getTypeFactory().constructCollectionType(List.class, type))
          .writeValueAsString(values);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: a list of " + type, e);
    }
  }

  /** The value as a tree. */
  static ObjectNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /** What a text says. */
  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The value that a text stands for.
   *
   * @throws IllegalArgumentException when it is none of that type
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The value that a text stands for that may name sets of references.
   *
   * @throws IllegalArgumentException when it is none of that type, or a set is not to be found
   */
  static <T> T read(String json, Class<T> type, Finder finder) {
    try {
      return MAPPER.readerFor(type).withAttribute(KEEPER, finder).readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /** The values of a list whose text may name sets of references. */
  static <T> List<T> readList(String json, Class<T> type, Finder finder) {
    try {
      return MAPPER
          .readerFor(MAPPER.getTypeFactory().constructCollectionType(List.class, type))
          .withAttribute(KEEPER, finder)
          .readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a list of " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /** The values of a list. */
  public static <T> List<T> readList(String json, Class<T> type) {
    try {
      return MAPPER.readValue(
          json, MAPPER.getTypeFactory().constructCollectionType(List.class, type));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "not a list of " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /** Names the members of sealed types by their simple names. */
  private static final class SealedTypes extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
        MapperConfig<?> config, Annotated annotated) {
      return annotated instanceof AnnotatedClass type && sealedType(type.getRawType()) != null
          ? JsonTypeInfo.Value.construct(
              JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "@type", null, false, true)
          : super.findPolymorphicTypeInfo(config, annotated);
    }

    @Override
    public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
      return annotated.getRawType().isSealed()
          ? members(annotated.getRawType())
              .map(member -> new NamedType(member, member.getSimpleName()))
              .toList()
          : super.findSubtypes(annotated);
    }

    /** Those that are not sealed themselves. */
    private static Stream<Class<?>> members(Class<?> type) {
      Class<?>[] permitted = type.getPermittedSubclasses();
      return permitted == null
          ? Stream.of(type)
          : Arrays.stream(permitted).flatMap(SealedTypes::members);
    }

    private static @Nullable Class<?> sealedType(Class<?> type) {
      if (type.isSealed()) {
        return type;
      }
      return Arrays.stream(type.getInterfaces()).filter(Class::isSealed).findFirst().orElse(null);
    }

    @Override
    public @Nullable String findTypeName(AnnotatedClass type) {
      return sealedType(type.getRawType()) == null
          ? super.findTypeName(type)
          : type.getRawType().getSimpleName();
    }
  }

  private static final class InstantReader extends FromStringDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    protected Instant _deserialize(String value, DeserializationContext context) {
      return Instant.parse(value);
    }
  }

  private static final class DurationReader extends FromStringDeserializer<Duration> {
    private static final long serialVersionUID = 1L;

    DurationReader() {
      super(Duration.class);
    }

    @Override
    protected Duration _deserialize(String value, DeserializationContext context) {
      return Duration.parse(value);
    }
  }

  /** Many numbers are written as the bytes they are: texts of them take ten times as long. */
  private static final class DoublesWriter extends StdSerializer<Doubles> {
    private static final long serialVersionUID = 1L;

    DoublesWriter() {
      super(Doubles.class);
    }

    @Override
    public void serialize(Doubles numbers, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (numbers.size() > MOST_READABLE) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.size() * Double.BYTES);
        for (int i = 0; i < numbers.size(); i++) {
          bytes.putDouble(numbers.get(i));
        }
        json.writeBinary(bytes.array());
        return;
      }
      json.writeStartArray();
      for (int i = 0; i < numbers.size(); i++) {
        json.writeNumber(numbers.get(i));
      }
      json.writeEndArray();
    }
  }

  private static final class DoublesReader extends StdDeserializer<Doubles> {
    private static final long serialVersionUID = 1L;

    DoublesReader() {
      super(Doubles.class);
    }

    @Override
    public Doubles deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return Doubles.of(context.readValue(parser, double[].class));
      }
      ByteBuffer bytes = ByteBuffer.wrap(parser.getBinaryValue());
      double[] numbers = new double[bytes.remaining() / Double.BYTES];
      bytes.asDoubleBuffer().get(numbers);
      return Doubles.of(numbers);
    }
  }

  /** With its signals, or with the name of what they are kept under. */
  private static final class ReferenceSetWriter extends StdSerializer<ReferenceSet> {
    private static final long serialVersionUID = 1L;

    ReferenceSetWriter() {
      super(ReferenceSet.class);
    }

    @Override
    public void serialize(ReferenceSet set, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeStringField("source", set.source());
      json.writeStringField("digest", set.digest());
      if (provider.getAttribute(KEEPER) instanceof Keeper keeper) {
        json.writeStringField(CONTENT, keeper.apply(set));
      } else {
        provider.defaultSerializeField("signals", set.signals(), json);
      }
      json.writeEndObject();
    }
  }

  private static final class ReferenceSetReader extends StdDeserializer<ReferenceSet> {
    private static final long serialVersionUID = 1L;

    ReferenceSetReader() {
      super(ReferenceSet.class);
    }

    @Override
    public ReferenceSet deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode json = parser.readValueAsTree();
      Map<String, Reference> signals =
          json.has(CONTENT)
              ? kept(json.path(CONTENT).asText(), context)
              : context.readTreeAsValue(json.path("signals"), signals());
      return new ReferenceSet(json.path("source").asText(), json.path("digest").asText(), signals);
    }
  }

  private static Map<String, Reference> kept(String content, DeserializationContext context)
      throws IOException {
    Map<String, Reference> signals =
        context.getAttribute(KEEPER) instanceof Finder finder ? finder.apply(content) : null;
    if (signals == null) {
      throw JsonMappingException.from(context, "the references " + content + " are missing");
    }
    return signals;
  }

  /** With the complete references, or with the name of what they are kept under. */
  private static final class GatheredWriter extends StdSerializer<GatheredReferences> {
    private static final long serialVersionUID = 1L;

    GatheredWriter() {
      super(GatheredReferences.class);
    }

    @Override
    public void serialize(
        GatheredReferences gathered, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      String name =
          provider.getAttribute(KEEPER) instanceof Keeper keeper
              ? keeper.gathered(gathered.complete())
              : null;
      if (name == null) {
        provider.defaultSerializeField("complete", gathered.complete(), json);
      } else {
        json.writeStringField(CONTENT, name);
      }
      provider.defaultSerializeField("open", gathered.open(), json);
      if (gathered.firstComplete() != null) {
        json.writeStringField("firstComplete", gathered.firstComplete().toString());
      }
      json.writeNumberField("told", gathered.told());
      json.writeNumberField("tellings", gathered.tellings());
      json.writeEndObject();
    }
  }

  private static final class GatheredReader extends StdDeserializer<GatheredReferences> {
    private static final long serialVersionUID = 1L;

    GatheredReader() {
      super(GatheredReferences.class);
    }

    @Override
    public GatheredReferences deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode json = parser.readValueAsTree();
      Map<String, Reference> complete =
          json.has(CONTENT)
              ? kept(json.path(CONTENT).asText(), context)
              : context.readTreeAsValue(part(json, "complete", context), signals());
      Map<String, ReferenceGatherer> open =
          context.readTreeAsValue(
              part(json, "open", context),
              MAPPER
                  .getTypeFactory()
                  .constructMapType(Map.class, String.class, ReferenceGatherer.class));
      Instant firstComplete =
          json.has("firstComplete")
              ? context.readTreeAsValue(json.path("firstComplete"), Instant.class)
              : null;
      return new GatheredReferences(
          complete,
          open,
          firstComplete,
          part(json, "told", context).asInt(),
          part(json, "tellings", context).asInt());
    }

    private static JsonNode part(JsonNode json, String name, DeserializationContext context)
        throws IOException {
      JsonNode part = json.get(name);
      if (part == null || part.isNull()) {
        throw JsonMappingException.from(context, "gathered references without " + name);
      }
      return part;
    }
  }

  /** As an object of its parts; unknown numbers and empty sides are left out. */
  private static final class HistogramWriter extends StdSerializer<HistogramSnapshot> {
    private static final long serialVersionUID = 1L;

    HistogramWriter() {
      super(HistogramSnapshot.class);
    }

    @Override
    public void serialize(
        HistogramSnapshot histogram, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeStartObject();
      json.writeNumberField("scale", histogram.scale());
      number(json, "zeroThreshold", histogram.zeroThreshold());
      json.writeNumberField("zeroCount", histogram.zeroCount());
      number(json, "sum", histogram.sum());
      number(json, "min", histogram.min());
      number(json, "max", histogram.max());
      side(json, "positive", histogram.positive());
      side(json, "negative", histogram.negative());
      if (histogram.bounds() != 0) {
        json.writeNumberField("bounds", histogram.bounds());
      }
      json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double value) throws IOException {
      if (!Double.isNaN(value)) {
        json.writeNumberField(name, value);
      }
    }

    private static void side(JsonGenerator json, String name, BucketCounts counts)
        throws IOException {
      if (!counts.isEmpty()) {
        json.writeObjectFieldStart(name);
        json.writeNumberField("offset", counts.offset());
        json.writeFieldName("counts");
        json.writeArray(counts.toArray(), 0, counts.size());
        json.writeEndObject();
      }
    }
  }

  private static final class HistogramReader extends StdDeserializer<HistogramSnapshot> {
    private static final long serialVersionUID = 1L;

    HistogramReader() {
      super(HistogramSnapshot.class);
    }

    @Override
    public HistogramSnapshot deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode json = parser.readValueAsTree();
      return HistogramSnapshot.of(
              json.path("scale").asInt(),
              number(json, "zeroThreshold", 0),
              json.path("zeroCount").asLong(),
              number(json, "sum", Double.NaN),
              number(json, "min", Double.NaN),
              number(json, "max", Double.NaN),
              side(json.path("positive")),
              side(json.path("negative")))
          .withBounds(json.path("bounds").asLong());
    }

    private static double number(JsonNode json, String name, double absent) {
      return json.has(name) ? json.path(name).asDouble() : absent;
    }

    private static BucketCounts side(JsonNode json) {
      JsonNode counts = json.path("counts");
      long[] numbers = new long[counts.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = counts.get(i).asLong();
      }
      return BucketCounts.of(json.path("offset").asInt(), numbers);
    }
  }
}
