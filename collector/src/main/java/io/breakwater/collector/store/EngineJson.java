package io.breakwater.collector.store;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine's records as JSON and back, without loss.
 *
 * <p>A record is an object of its components; absent ones are left out. A value of a sealed type
 * says which one it is in {@code @type}. Times are ISO 8601 with nanoseconds, infinite numbers the
 * texts {@code "Infinity"} and {@code "-Infinity"}. Safe for use by many threads.
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
                  .addDeserializer(Duration.class, new DurationReader()))
          .visibility(PropertyAccessor.GETTER, Visibility.NONE)
          .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private EngineJson() {}

  /** The value as text. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot be written as JSON: " + value.getClass(), e);
    }
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
      Class<?>[] members = annotated.getRawType().getPermittedSubclasses();
      return members == null
          ? super.findSubtypes(annotated)
          : Arrays.stream(members).map(m -> new NamedType(m, m.getSimpleName())).toList();
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
}
