package io.breakwater.agent.dist.host;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;

/** Runs another host in a class loader that looks into its own class path first. */
public final class ChildFirstHost {
  private ChildFirstHost() {}

  /** Does not lock per class: the worst case for those who load while loading. */
  static final class ChildFirst extends URLClassLoader {
    ChildFirst() throws MalformedURLException {
      super(classPath(), ChildFirst.class.getClassLoader());
    }

    private static URL[] classPath() throws MalformedURLException {
      List<URL> urls = new ArrayList<>();
      for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
        urls.add(new File(path).toURI().toURL());
      }
      return urls.toArray(new URL[0]);
    }

    @Override
    protected synchronized Class<?> loadClass(String name, boolean resolve)
        throws ClassNotFoundException {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null && !name.startsWith("java.")) {
        try {
          loaded = findClass(name);
        } catch (ClassNotFoundException e) {
          loaded = null; // the parent's, then
        }
      }
      return loaded != null ? loaded : super.loadClass(name, resolve);
    }
  }

  public static void main(String[] arguments) throws Exception {
    String[] rest = new String[arguments.length - 1];
    System.arraycopy(arguments, 1, rest, 0, rest.length);
    Class<?> host = new ChildFirst().loadClass(arguments[0]);
    host.getMethod("main", String[].class).invoke(null, (Object) rest);
    System.out.println(host.getClassLoader().getClass().getSimpleName());
  }
}
