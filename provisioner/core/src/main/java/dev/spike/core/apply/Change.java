package dev.spike.core.apply;

import dev.spike.core.provider.Observed;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.List;

/** What has to happen to one resource. */
public sealed interface Change {
  ResourceId id();

  Kind kind();

  /** It is not there. */
  record Create(Resource resource) implements Change {
    @Override
    public ResourceId id() {
      return resource.id();
    }

    @Override
    public Kind kind() {
      return resource.kind();
    }
  }

  /** It is there and differs in a way that can be mended in place. */
  record Update(Resource resource, Observed observed, List<String> differences) implements Change {
    public Update {
      differences = List.copyOf(differences);
    }

    @Override
    public ResourceId id() {
      return resource.id();
    }

    @Override
    public Kind kind() {
      return resource.kind();
    }
  }

  /** It is there and has to go before it can come as desired. */
  record Replace(Resource resource, Observed observed, List<String> differences) implements Change {
    public Replace {
      differences = List.copyOf(differences);
    }

    @Override
    public ResourceId id() {
      return resource.id();
    }

    @Override
    public Kind kind() {
      return resource.kind();
    }
  }

  /** It is there and nobody wants it. */
  record Delete(Observed observed) implements Change {
    @Override
    public ResourceId id() {
      return observed.id();
    }

    @Override
    public Kind kind() {
      return observed.kind();
    }
  }

  /** It is there as desired. */
  record Keep(Resource resource) implements Change {
    @Override
    public ResourceId id() {
      return resource.id();
    }

    @Override
    public Kind kind() {
      return resource.kind();
    }
  }
}
