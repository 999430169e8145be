package dev.spike.node;

import dev.spike.node.config.Endpoint;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads HOST:PORT. */
final class EndpointConverter implements ITypeConverter<Endpoint> {
  @Override
  public Endpoint convert(String value) {
    try {
      return Endpoint.parse(value);
    } catch (IllegalArgumentException wrong) {
      throw new TypeConversionException(String.valueOf(wrong.getMessage()));
    }
  }
}
