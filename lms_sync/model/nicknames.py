"""First names that one person goes by: each line is a group, the fuller form first. Common usage, put together by us.

A name may stand in several groups (Alex: Alexander, Alexandra). Accents are left out, as `name_words` does.
"""

from collections import defaultdict
from collections.abc import Mapping

_GROUPS = """
abigail abby gail
abraham abe
adelaide addie
albert al bert bertie
alejandro alex ale
alejandra alex ale
alexander alex xander sandy sasha
alexandra alex sandra sandy sasha lexi
alfred al fred alfie
alice ali
allison ali allie
amanda mandy
amelia amy millie
andrea andie
andrew andy drew
angela angie
anthony tony
antonio tony toni
antonia toni
archibald archie
arthur art
barbara barb babs barbie
benedict ben
benjamin ben benny
bernard bernie
beverly bev
bradley brad
brenda bren
calvin cal
cameron cam
carolyn carol carrie
catherine katherine kathryn cathy kathy kate katie kat kitty
cecilia cece
charles charlie chuck chas
charlotte charlie lottie
christian chris
christina chris chrissy tina
christine chris chrissy tina
christopher chris kit topher
clifford cliff
constance connie
cynthia cindy
daniel dan danny
danielle dani
david dave davey
deborah deb debbie debra
dennis denny
dolores lola lolita
dominic dom nick
donald don donnie
dorothy dot dottie dolly
douglas doug
edward ed eddie ted teddy ned
edwin ed eddie
eduardo eddie lalo
eleanor ellie nell nora
elizabeth liz lizzie beth betty betsy eliza libby lisa
emily em emmy
emmanuel manny
enrique kike
eric rick
ernest ernie
eugene gene
evelyn evie eve
ezekiel zeke
florence flo
frances fran franny
francis frank fran
francisco paco pancho frank cisco
franklin frank
frederick fred freddie rick
gabriel gabe
gabriela gaby
geoffrey geoff jeff
george georgie
gerald gerry jerry
gilbert gil
gloria glo
grace gracie
graciela chela
gregory greg
guadalupe lupe lupita
guillermo memo
gwendolyn gwen
harold hal harry
harriet hattie
heather heath
helen nell
henry hank harry
herbert herb bert
howard howie
ignacio nacho
irene renie
isaac ike
isabel isabella izzy bella
jacob jake
jacqueline jackie
james jim jimmy jamie
janet jan
jason jay
jeffrey jeff
jennifer jen jenny jenn
jeremy jerry
jerome jerry
jessica jess jessie
jesus chuy
jonathan jon jonny
john jack johnny jon
joseph joe joey
jose pepe joe
josephine jo josie
joshua josh
joyce joy
juan johnny
juanita nita
judith judy
julia julie
katrina kat trina
kenneth ken kenny
kimberly kim
kristina kris tina
kristin kris
laura laurie
lawrence larry
leonard len lenny leo
leslie les
lillian lily
lorraine lori
louis lou louie
louise lou
lucille lu lucy
luis lucho
lynette lyn
madeline maddie
marcus marc mark
margaret maggie meg peggy marge margie greta rita
maria mari mary
marilyn mary
martin marty
martha marty
matthew matt
maureen mo
maximilian max
maxwell max
megan meg
melanie mel
melissa mel missy lissa
melvin mel
mercedes merche
michael mike mikey mick mickey
michelle shelly
mildred millie
miriam mimi
mitchell mitch
monica moni
nancy nan
natalie nat
nathan nate
nathaniel nate nat nathan
nicholas nick nicky
nicole nikki nicky
norman norm
oliver ollie
pamela pam
patricia pat patty trish tricia
patrick pat paddy
pedro pete
penelope penny
peter pete
philip phil
phyllis phyl
priscilla cilla
rachel rae
rafael rafa
ramon moncho
randall randy
raymond ray
rebecca becky becca
reginald reggie
ricardo rick ricky
richard rick ricky rich dick
robert rob robbie bob bobby bert
roberta bobbie
roberto beto
roderick rod
rodney rod
roger rodge
ronald ron ronnie
rosa rosie
rosario charo
rosemary rose rosie
russell russ
ruth ruthie
salvador sal chava
samantha sam
samuel sam sammy
sandra sandy
santiago santi
sarah sally sadie
sergio checo
sharon shari
shirley shirl
sidney sid
solomon sol
stanley stan
stephanie steph
stephen steven steve stevie
susan sue susie suzy
suzanne sue suzy
sylvia syl
tallis tal
teresa theresa terry tess
terrence terry
theodore ted teddy theo
thomas tom tommy
timothy tim timmy
tobias toby
valerie val
veronica ronnie roni
victor vic
victoria vicky tori
vincent vince vinny
virginia ginny
vivian viv
walter walt wally
wendell wen
wesley wes
wilhelmina mina
william will bill billy willy liam
wolfgang wolf
yolanda yoli
zachary zach zack
"""


def _grouped() -> Mapping[str, frozenset[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for number, line in enumerate(_GROUPS.split("\n")):
        for name in line.split():
            found[name].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


_OF = _grouped()


def name_groups(name: str) -> frozenset[int]:
    """Return the groups that a first name, in small letters without accents, belongs to; none for one of its own."""
    return _OF.get(name, frozenset())


def same_name(first: str, other: str) -> bool:
    """Tell whether two first names, in small letters without accents, are forms of one name: `bob`, `robert`."""
    return bool(name_groups(first) & name_groups(other))
