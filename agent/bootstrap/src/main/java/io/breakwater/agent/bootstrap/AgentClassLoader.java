package io.breakwater.agent.bootstrap;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent and its libraries out of the folder {@code inst} of its jar, where no class path
 * scanner and no class of the host finds them.
 *
 * <p>Asks the platform loader first and never a loader of the host: that is what makes it safe to
 * load from inside a class file transformer. Writes no files.
 */
public final class AgentClassLoader extends ClassLoader {
  /** Folder of the jar with everything that is not for the host's eyes. */
  public static final String FOLDER = "inst/";

  /** What class files are called there, so that they do not look like classes. */
  public static final String SUFFIX = ".classdata";

  static {
    registerAsParallelCapable();
  }

  private final JarFile jar;
  private final String jarUrl;

  /**
   * A loader of the agent's own classes.
   *
   * @param jar the agent's jar; it is kept open, so that replacing the file does no harm
   * @throws IOException if it cannot be read
   */
  public AgentClassLoader(File jar) throws IOException {
    super("breakwater", ClassLoader.getPlatformClassLoader());
    this.jar = new JarFile(jar, false);
    this.jarUrl = "jar:".concat(jar.toURI().toString()).concat("!/");
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.equals(AgentClassLoader.class.getName())) {
      return AgentClassLoader.class; // the agent has to know its loader
    }
    byte[] bytes = classBytes(name);
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  /**
   * The class file of one of the agent's classes, or null if there is none.
   *
   * @param name the class's name, with dots
   */
  public byte @Nullable [] classBytes(String name) {
    return read(FOLDER.concat(name.replace('.', '/')).concat(SUFFIX));
  }

  /** The class file of {@link Hook}, or null if the jar is damaged. */
  public byte @Nullable [] hookClassFile() {
    return read(Hook.class.getName().replace('.', '/').concat(".class"));
  }

  private byte @Nullable [] read(String path) {
    JarEntry entry = jar.getJarEntry(path);
    if (entry == null) {
      return null;
    }
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    } catch (IOException e) { // the jar was overwritten in place
      return null;
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    String path = FOLDER.concat(name);
    if (jar.getJarEntry(path) == null) {
      return null;
    }
    try {
      return new URL(jarUrl.concat(path));
    } catch (MalformedURLException e) {
      return null; // not with this scheme
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL found = findResource(name);
    return found == null
        ? Collections.emptyEnumeration()
        : Collections.enumeration(Collections.singletonList(found));
  }
}
