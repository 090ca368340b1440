import java.io.File;
import java.util.TreeSet;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

/** Prints the number of axioms read, then one line for each way in which the file is not OWL 2 DL. */
public class ProfileCheck {
    public static void main(String[] args) throws Exception {
        OWLOntology ontology =
            OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(args[0]));
        TreeSet<String> faults = new TreeSet<String>();
        for (OWLProfileViolation fault : new OWL2DLProfile().checkOntology(ontology).getViolations()) {
            faults.add(fault.toString().replace('\n', ' '));
        }
        System.out.println(ontology.getAxiomCount());
        for (String fault : faults) {
            System.out.println(fault);
        }
    }
}
