import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Says of each file named, for PDF/A-2a and PDF/UA-1, whether it complies, and if not which rules it breaks. */
public class Validate {
  private static final PDFAFlavour[] FLAVOURS = {PDFAFlavour.PDFA_2_A, PDFAFlavour.PDFUA_1};

  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      for (PDFAFlavour flavour : FLAVOURS) {
        System.out.println(judged(new File(file), flavour));
      }
    }
  }

  private static String judged(File file, PDFAFlavour flavour) throws Exception {
    try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
        PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
      ValidationResult result = validator.validate(parser);
      StringBuilder said = new StringBuilder(result.isCompliant() ? "ok " : "wrong ");
      said.append(flavour).append(' ').append(file.getName());
      for (TestAssertion broken : result.getTestAssertions()) {
        said.append(" | ").append(broken.getRuleId().getClause()).append(": ").append(broken.getMessage());
      }
      return said.toString();
    }
  }
}
