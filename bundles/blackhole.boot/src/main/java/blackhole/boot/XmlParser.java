package blackhole.boot;

import java.lang.System.Logger.Level;
import javax.xml.parsers.FactoryConfigurationError;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.SAXException;

/** The JDK's XML parser, with which SCR reads what components a bundle has. */
final class XmlParser {
  private XmlParser() {}

  /**
   * Makes one, since the first is looked for in every jar of the class path: better on a thread
   * that has nothing else to do.
   */
  static void warmUp() {
    try {
      Object unused = SAXParserFactory.newInstance().newSAXParser();
    } catch (ParserConfigurationException | SAXException | FactoryConfigurationError e) {
      // who needs one will fail with better words
      System.getLogger(XmlParser.class.getName()).log(Level.DEBUG, "no XML parser", e);
    }
  }
}
